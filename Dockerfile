# The Dockerfile of all images: docker build --build-arg MODULE=order-service .
# The base images are arguments, so that they can be replaced or pinned: docs/containers.md.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
# The certificate authorities of the database: a URL, or a file in this folder.
ARG CA_BUNDLE=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
# A JRE without shell and package manager, so that an attacker finds no tools.
ARG RUNTIME_IMAGE=gcr.io/distroless/java25-debian13:nonroot

# Builds all modules once; all images share these layers.
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -Pimages -DskipTests -pl local/run -am package

# Extracts the jar of one module, so that rarely changed parts become separate layers.
FROM ${BUILD_IMAGE} AS layers
ARG MODULE
COPY --from=build /src/${MODULE}/target/${MODULE}-*-exec.jar /app.jar
RUN java -Djarmode=tools -jar /app.jar extract --layers --destination /layers \
 && mkdir -p /layers/snapshot-dependencies /layers/spring-boot-loader \
 && chmod -R a+rX /layers

FROM ${RUNTIME_IMAGE} AS runtime

# The AOT cache of a first start; without it services start more slowly. It is valid only for the JVM and the jars
# that created it, so the JVM of the runtime image is copied to the same path. The start needs no database: it ends
# before connections are opened. It needs 400 MB of memory, so the cache mount serialises parallel builds.
FROM ${BUILD_IMAGE} AS training
ARG MODULE
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
RUN --mount=type=bind,from=runtime,target=/runtime \
    --mount=type=cache,id=orderflow-training,target=/one-at-a-time,sharing=locked \
    modules=$(find /runtime -xdev -type f -path '*/lib/modules' -print -quit) \
 && there=${modules%/lib/modules} && here=${there#/runtime} \
 && [ -x "$there/bin/java" ] && rm -rf "$here" && mkdir -p "$(dirname "$here")" && cp -a "$there" "$here" \
 && if [ "${MODULE}" = local/run ]; then once=--help; else once=; fi \
 && mkdir /learnt \
 && { "$here/bin/java" -XX:AOTCacheOutput=/learnt/app.aot -Dspring.context.exit=onRefresh -Dspring.profiles.active=container,local -jar app.jar $once >/tmp/training.log 2>&1; \
      [ -s /learnt/app.aot ] || { tail -n 5 /tmp/training.log; echo "no AOT cache: the start will be slower"; }; } \
 && chmod -R a+rX /learnt

FROM runtime
ARG MODULE
ARG CA_BUNDLE
LABEL org.opencontainers.image.title="orderflow ${MODULE}"
WORKDIR /app
ADD --chmod=0444 ${CA_BUNDLE} certificates/database.pem
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
COPY --from=build /src/libraries/service-defaults/target/classes/dev/orderflow/defaults/probe/HealthProbe.class probe/dev/orderflow/defaults/probe/
COPY --chmod=0444 deploy/image/ ./
COPY --from=training /learnt/ ./
# Otherwise ECS creates the volume for root only. The rest of the file system may be read-only.
VOLUME /tmp
USER 10001:10001
ENV SPRING_PROFILES_ACTIVE=container
ENTRYPOINT ["java", "@/app/jvm", "-jar", "app.jar"]
