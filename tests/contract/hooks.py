"""How Schemathesis signs in: as the demo account, or the demo client, that CONTRACT_AS names. See README.md.

It signs in once and renews by the refresh cookie, because the run's own failed sign-ins soon throttle its address. Every
few seconds it asks whether the token still works; where it does not and nothing brings it back, the run stops with an
error instead of finding nothing behind a wall of 401.
"""

import os

import requests
import schemathesis

WHO = os.environ.get("CONTRACT_AS", "coordinator")
URL = os.environ["CONTRACT_URL"]
PASSWORD = "satu-pintu-demo"
CLIENT = ("demo-client", "satu-pintu-demo-client-secret")


class Caller:
    """One signed-in caller; the cookie that renews it stays in the session."""

    def __init__(self):
        self.session = requests.Session()
        self.token = None

    def renewed(self):
        if self.token and self.works():
            return self.token
        if WHO == "client":
            answer = self.session.post(
                f"{URL}/oauth/token", data={"grant_type": "client_credentials"}, auth=CLIENT, timeout=20
            )
        else:
            answer = self.session.post(f"{URL}/api/v1/auth/refresh", timeout=20) if self.token else None
            if answer is None or answer.status_code != 200:
                body = {"username": WHO, "password": PASSWORD}
                answer = self.session.post(f"{URL}/api/v1/auth/login", json=body, timeout=20)
        answer.raise_for_status()
        self.token = answer.json()["access_token"]
        return self.token

    def works(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{URL}/api/v1/regions?limit=1", headers=headers, timeout=20).status_code != 401


CALLER = Caller()


@schemathesis.auth(refresh_interval=20, retry_on=[])
class SignIn:
    def get(self, case, context):
        return CALLER.renewed()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
