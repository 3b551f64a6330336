"""A device that onboards itself at its first start, and calls a service over HTTP ever after."""

import json
import os
import urllib.error
import urllib.request

import symbolon

VENDOR_ID = "lamp-0001"


def report(login: symbolon.Login, url: str) -> str:
    """Call the service, and once more where the token has ended meanwhile."""
    while True:
        token = login.token()
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
                return f"the shop has {' and '.join(json.load(answer)['orders'])}"
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 401 or not login.refused(token):
                    return f"the shop answers {error.code}, {error.headers['www-authenticate']}"


with (
    symbolon.Client(os.environ["SYMBOLON_ADDRESS"], os.environ["CLIENT_ID"]) as client,
    client.login(store=symbolon.FileStore(os.environ["DEVICE_FILE"])) as login,
):
    if login.resume_stored():
        print(f"  {VENDOR_ID} is still signed in")
    else:
        device = login.onboard_device(VENDOR_ID, os.environ["DEVICE_PASSWORD"], scopes=["read"])
        print(f"  {device.vendor_id} is signed in for the first time")
    print("  " + report(login, f"http://{os.environ['SHOP']}/orders"))
