FROM node:26-trixie-slim AS build
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:26-trixie-slim
WORKDIR /app
COPY --from=build /app .
USER 1000
EXPOSE 3000
CMD ["node", "dist/main.js"]
