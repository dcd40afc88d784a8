FROM node:26-trixie-slim
WORKDIR /verdaccio
# Of node-fetch, a dependency asks for a tag, which a mirror may not have.
RUN npm init --yes && npm pkg set dependencies.verdaccio=6.10.4 overrides.node-fetch=2.7.0 \
    && npm install --ignore-scripts
COPY verdaccio.yaml ./
CMD ["npx", "verdaccio", "--config=verdaccio.yaml", "--listen=http://0.0.0.0:80"]
