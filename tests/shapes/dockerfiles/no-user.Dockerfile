FROM node:26-trixie-slim
WORKDIR /app
COPY . .
RUN npm ci && npm run build
EXPOSE 3000
HEALTHCHECK --interval=1s CMD ["node", "dist/health.js"]
CMD ["node", "dist/main.js"]
