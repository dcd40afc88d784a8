FROM python:3.13-slim-trixie
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY *.py ./
USER 1000
EXPOSE 5000
HEALTHCHECK --interval=1s CMD ["python", "health.py"]
CMD ["gunicorn"]
