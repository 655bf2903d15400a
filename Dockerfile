# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY . .
# The sources stay behind: what is left in the image is the build and what it needs to run.
RUN npm ci --no-fund --no-audit \
    && npm run build \
    && npm prune --omit=dev --no-fund --no-audit \
    && rm -rf node_modules/.cache packages/*/src apps/*/src tests benchmarks docs

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
# Jobs run as this user too; give the folder to it so that a volume mounted there is writable.
RUN mkdir /data && chown node:node /data
USER node
ENV LOCKSTEP_DATA_DIR=/data
EXPOSE 8081
ENTRYPOINT ["node", "/app/apps/cli/bin/lockstep.mjs"]
CMD ["server"]
