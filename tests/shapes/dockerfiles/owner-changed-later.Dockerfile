FROM node:26-trixie-slim AS build
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:26-trixie-slim
WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY --from=build /app/dist dist
RUN chown -R node:node /app
USER 1000
EXPOSE 3000
HEALTHCHECK --interval=1s CMD ["node", "dist/health.js"]
CMD ["node", "dist/main.js"]
