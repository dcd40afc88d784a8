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
COPY --from=build /app/dist template
RUN chown 1000 .
USER 1000
EXPOSE 3000
HEALTHCHECK --interval=1s CMD ["node", "dist/health.js"]
ENTRYPOINT ["sh", "-c", "cp -r template dist && exec node dist/main.js"]
