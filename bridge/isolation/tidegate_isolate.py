#!/usr/bin/python3
"""Runs a command where there is no network: only its own loopback, and unix sockets.

    tidegate_isolate.py [--user NAME] [--relay SOCKET=PORT]... -- COMMAND [ARGUMENT]...
    tidegate_isolate.py --check

A relay listens on a unix socket outside and speaks to a port of the command's own loopback, for whoever has to reach
it. Without root a user namespace is tried. With --check it says by its exit code whether this machine allows it.
"""

import argparse
import ctypes
import fcntl
import os
import pwd
import signal
import socket
import struct
import sys
import threading

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_libc = ctypes.CDLL(None, use_errno=True)


def main():
    asked, command = _arguments()
    _leave_network()
    if asked.check:
        return
    for relay in asked.relay:
        path, port = relay.rsplit("=", 1)
        _begin_relay(path, int(port), asked.user)
    _become(asked.user)
    os.execv(command[0], command)


def _leave_network():
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _call(_libc.unshare, _CLONE_NEWNET)
    else:
        _call(_libc.unshare, _CLONE_NEWUSER | _CLONE_NEWNET)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as interface:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(interface, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(interface, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def _begin_relay(path, port, user):
    """In a child that dies with the command. Its socket is there when this returns."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.path.exists(path):
        os.unlink(path)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(64)
    parent = os.getpid()
    if os.fork():
        listener.close()
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
    _become(user)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # changing the user clears it
    try:
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve, args=(client, port), daemon=True).start()
    finally:
        os._exit(1)


def _serve(client, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        server.connect(("127.0.0.1", port))
    except OSError:
        server.close()
        client.close()  # nobody listens yet: the caller sees the connection end
        return
    back = threading.Thread(target=_pump, args=(server, client), daemon=True)
    back.start()
    _pump(client, server)
    back.join()
    client.close()
    server.close()


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side is gone


def _become(name):
    _call(_libc.prctl, _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if name and os.geteuid() == 0:
        user = pwd.getpwnam(name)
        os.initgroups(name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _call(function, *arguments):
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--user", help="the OS user to become; only root can")
    parser.add_argument("--relay", action="append", default=[], metavar="SOCKET=PORT", help="lets others in")
    parser.add_argument("--check", action="store_true", help="only says whether it works here")
    own, command = sys.argv[1:], []
    if "--" in own:
        place = own.index("--")
        own, command = own[:place], own[place + 1 :]
    asked = parser.parse_args(own)
    if not asked.check and not command:
        parser.error("a command is missing")
    return asked, command


if __name__ == "__main__":
    sys.exit(main())
