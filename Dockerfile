# One pattern for every image: docker build --build-arg MODULE=order-service .
# The base images are arguments, so that others can be put in their place.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

# Builds all modules once; the images of all modules share these layers.
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -Pimages -DskipTests -pl local-run -am package

# Takes one module's jar apart: what seldom changes becomes a layer of its own.
FROM ${BUILD_IMAGE} AS layers
ARG MODULE
COPY --from=build /src/${MODULE}/target/${MODULE}-*-exec.jar /app.jar
RUN java -Djarmode=tools -jar /app.jar extract --layers --destination /layers \
 && mkdir -p /layers/snapshot-dependencies /layers/spring-boot-loader

FROM ${RUNTIME_IMAGE}
ARG MODULE
LABEL org.opencontainers.image.title="orderflow ${MODULE}"
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
COPY deploy/compose/healthy /app/healthy
# What the JVM has learnt while starting once; without it everything works, only later. A service's start
# needs no database here: it ends before anything is connected.
RUN chmod -R a+rX /app && chmod 0755 /app/healthy \
 && if [ "${MODULE}" = local-run ]; then once=--help; else once=; fi \
 && { java -XX:AOTCacheOutput=/app/app.aot -Dspring.context.exit=onRefresh -jar app.jar $once >/tmp/training.log 2>&1; \
      [ -s /app/app.aot ] || { tail -n 5 /tmp/training.log; echo "no AOT cache: the start will be slower"; }; \
      rm -f /tmp/training.log; }
USER 10001:10001
ENV SPRING_PROFILES_ACTIVE=container \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError -XX:AOTCache=/app/app.aot -XX:AOTMode=auto"
ENTRYPOINT ["java", "-jar", "app.jar"]
