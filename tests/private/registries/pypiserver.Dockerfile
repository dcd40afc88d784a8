FROM python:3.13-slim-trixie
RUN pip install --no-cache-dir pypiserver==2.4.2 passlib==1.7.4
CMD ["pypi-server", "run", "--port=80", "--passwords=/htpasswd", "--authenticate=update,download,list", "--disable-fallback", "/packages"]
