from . import models
from .hooks import plant
