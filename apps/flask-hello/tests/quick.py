from hello.worker import BoundedWorker


class QuickWorker(BoundedWorker):
    request_timeout = 1
