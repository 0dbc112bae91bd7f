# The Dockerfile of all images: docker build --build-arg MODULE=order-service .
# The base images are arguments, so that they can be replaced or pinned: docs/containers.md.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
# The certificate authorities of the database: a URL, or a file in this folder.
ARG CA_BUNDLE=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
# A JRE without shell and package manager, so that an attacker finds no tools.
ARG RUNTIME_IMAGE=gcr.io/distroless/java25-debian13:nonroot

# Builds all modules once; all images share these layers. /trainer is local-run with its libraries and a Postgres, which
# the AOT caches are created with and no image contains.
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Pimages -DskipTests -pl local/run -am package \
        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/trainer \
 && cp local/run/target/local-run-1.0.0-SNAPSHOT.jar /trainer/

# Extracts the jar of one module, so that rarely changed parts become separate layers.
FROM ${BUILD_IMAGE} AS layers
ARG MODULE
COPY --from=build /src/${MODULE}/target/${MODULE}-*-exec.jar /app.jar
RUN java -Djarmode=tools -jar /app.jar extract --layers --destination /layers \
 && mkdir -p /layers/snapshot-dependencies /layers/spring-boot-loader \
 && chmod -R a+rX /layers

FROM ${RUNTIME_IMAGE} AS runtime

# The AOT cache of a complete start with a database, and of some requests; without it services start more slowly. It is
# valid only for the JVM and the jars that created it, so the JVM of the runtime image is copied to the same path. If
# that start fails, for example because this image cannot run Postgres, the cache is that of a start that ends before
# the database is connected. Training needs 1 GB of memory, so the cache mount serialises parallel builds.
FROM ${BUILD_IMAGE} AS training
ARG MODULE
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
COPY deploy/image/jvm ./
RUN --mount=type=bind,from=runtime,target=/runtime \
    --mount=type=bind,from=build,source=/trainer,target=/trainer \
    --mount=type=cache,id=orderflow-training,target=/one-at-a-time,sharing=locked \
    modules=$(find /runtime -xdev -type f -path '*/lib/modules' -print -quit) \
 && there=${modules%/lib/modules} && here=${there#/runtime} \
 && [ -x "$there/bin/java" ] && rm -rf "$here" && mkdir -p "$(dirname "$here")" && cp -a "$there" "$here" \
 && mkdir /learnt \
 && if [ "${MODULE}" = local/run ]; then once=--help; \
    else once=; \
      { useradd --create-home trainer && chown trainer /learnt \
        && su trainer -c "'$here/bin/java' -cp '/trainer/*' dev.orderflow.commandline.Orderflow train --service '${MODULE}' --java '$here/bin/java' --jar app.jar --options jvm --output /learnt/app.aot"; } \
      || { tail -n 5 /learnt/app.aot.log; echo "the start with a database failed: the AOT cache will be that of a start without it"; }; \
    fi \
 && { [ -s /learnt/app.aot ] \
      || "$here/bin/java" -XX:AOTCacheOutput=/learnt/app.aot -Dspring.context.exit=onRefresh -Dspring.profiles.active=container,local -jar app.jar $once >/tmp/training.log 2>&1; \
      [ -s /learnt/app.aot ] || { tail -n 5 /tmp/training.log; echo "no AOT cache: the start will be slower"; }; } \
 && rm -f /learnt/app.aot.log && chmod -R a+rX /learnt

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
# glibc would keep an arena of up to 64 MiB for each of several threads.
ENV MALLOC_ARENA_MAX=2
ENTRYPOINT ["java", "@/app/jvm", "-jar", "app.jar"]
