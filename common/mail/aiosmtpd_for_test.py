#!/usr/bin/python3
"""A real SMTP server (aiosmtpd) on loopback, for tests.

Prints its port, takes mail until its standard input ends, and appends each message that it took to --messages as one
line of JSON, as Python's own mail library reads it. What it refuses follows from the receiver's name: nobody@ for good;
later@ at RCPT and full@ at the end of the message, once per receiver and for now.
"""
import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    def __init__(self, path):
        self.path = path
        self.refused = set()

    def refuses_for_now(self, receiver, name):
        if not receiver.startswith(name + "@") or receiver in self.refused:
            return False
        self.refused.add(receiver)
        return True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 No such user here"
        if self.refuses_for_now(address, "later"):
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refuses_for_now(envelope.rcpt_tos[0], "full"):
            return "452 4.2.2 Mailbox full"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        to = message["To"].addresses[0]
        taken = {
            "tls": session.ssl is not None,
            "authenticated": session.authenticated,
            "from": envelope.mail_from,
            "receivers": envelope.rcpt_tos,
            "headers": message.keys(),
            "subject": message["Subject"],
            "to_name": to.display_name,
            "to_address": to.addr_spec,
            "text": message.get_content().replace("\r\n", "\n"),
            "defects": [str(defect) for defect in message.defects],
            "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(taken) + "\n")
        return "250 OK"


async def serve(options):
    tls = None
    if options.cert:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.cert, options.key)

    def authenticator(server, session, envelope, mechanism, data):
        good = options.user and (data.login.decode(), data.password.decode()) == (options.user, options.password)
        return AuthResult(success=bool(good), handled=good)

    mailbox = Mailbox(options.messages)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            mailbox,
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=authenticator,
            auth_required=bool(options.user),
        ),
        "127.0.0.1",
        0,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


logging.disable()  # Tests refuse its certificate, and say so themselves.
warnings.simplefilter("ignore")
parser = argparse.ArgumentParser()
parser.add_argument("--messages", required=True)
parser.add_argument("--cert", help="PEM: STARTTLS is then required")
parser.add_argument("--key")
parser.add_argument("--user", help="who must log in, with --password")
parser.add_argument("--password")
asyncio.run(serve(parser.parse_args()))
