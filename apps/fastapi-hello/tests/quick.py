"""The service with bounds that a test can wait for."""

import uvicorn

import hello.body
from hello.__main__ import main
from hello.protocol import BoundedProtocol


class QuickConfig(uvicorn.Config):
    def __init__(self, *args, **settings):
        super().__init__(*args, **settings | {"timeout_keep_alive": 1, "limit_concurrency": 20})


uvicorn.Config = QuickConfig
hello.body.BODY_TIMEOUT = 1
BoundedProtocol.head_timeout = 1
BoundedProtocol.write_timeout = 1
main()
