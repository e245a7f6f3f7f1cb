using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Tidegate.Tests")]
[assembly: InternalsVisibleTo("Tidegate.IntegrationTests")]
