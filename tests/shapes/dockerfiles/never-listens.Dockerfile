FROM node:26-trixie-slim
USER 1000
EXPOSE 3000
CMD ["node", "-e", "setInterval(() => {}, 1000)"]
