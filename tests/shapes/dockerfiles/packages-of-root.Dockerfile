FROM python:3.13-slim-trixie AS build
COPY requirements.txt .
RUN pip install --user -r requirements.txt

FROM python:3.13-slim-trixie
WORKDIR /app
COPY --from=build /root/.local /root/.local
COPY *.py ./
ENV PATH=/root/.local/bin:$PATH
USER 1000
EXPOSE 5000
CMD ["gunicorn"]
