package dev.orderflow.order.web;

import dev.orderflow.defaults.idempotency.IdempotentBody;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Completes the OpenAPI description at `/v3/api-docs`.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String TOKEN_SCHEME = "token";

    static {
        // The body is described by the type argument of IdempotentBody.
        SpringDocUtils.getConfig().addResponseWrapperToIgnore(IdempotentBody.class);
    }

    @Bean
    OpenAPI orderflow() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Orderflow: orders")
                                .version("1")
                                .description(
                                        """
                                        Place, follow and cancel orders.

                                        Bodies are JSON of at most 64 KiB, read strictly: unknown or repeated \
                                        fields and values of another type are refused. Money is a decimal \
                                        string with its currency. Every error is a problem (RFC 9457) with a \
                                        specific `type`.

                                        By default each instance of this service allows each caller 200 \
                                        reads at once and 50 per second, and 50 writes at once and 10 per \
                                        second; it allows each address 200 requests without a token at once \
                                        and 50 per second. Above that it answers 429 with Retry-After. \
                                        Headers have at most 16 KiB, a body must arrive within 20 s, and a \
                                        request that needs more than 10 s in the database is answered 503.

                                        Authenticate with a bearer token (JWT) with the scopes `orders:read` \
                                        and `orders:write`, or `operator`. The catalogue needs no token."""))
                .components(new Components().addSecuritySchemes(TOKEN_SCHEME, tokenScheme()));
    }

    private static SecurityScheme tokenScheme() {
        return new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT")
                .description("An access token of the configured issuer.");
    }

    /// Adds the security requirement and the 401 and 403 responses to operations that need a token.
    @Bean
    OpenApiCustomizer tokenRequirements() {
        return api ->
                api.getPaths().entrySet().stream()
                        .filter(path -> path.getKey().startsWith("/orders"))
                        .flatMap(path -> path.getValue().readOperations().stream())
                        .forEach(
                                operation -> {
                                    operation.addSecurityItem(
                                            new SecurityRequirement().addList(TOKEN_SCHEME));
                                    operation
                                            .getResponses()
                                            .addApiResponse(
                                                    "401",
                                                    problemResponse().description("No valid token"))
                                            .addApiResponse(
                                                    "403",
                                                    problemResponse()
                                                            .description(
                                                                    "The token lacks the scope"));
                                });
    }

    /// Every operation is rate limited.
    @Bean
    OpenApiCustomizer rateLimits() {
        return api ->
                api.getPaths().values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .forEach(
                                operation ->
                                        operation
                                                .getResponses()
                                                .addApiResponse(
                                                        "429",
                                                        problemResponse()
                                                                .description(
                                                                        "Too many requests; repeat after the"
                                                                                + " time in Retry-After")));
    }

    /// Every operation may return a problem.
    @Bean
    OpenApiCustomizer problems() {
        return api -> {
            api.getComponents().addSchemas("Problem", problemSchema());
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(
                            operation ->
                                    operation
                                            .getResponses()
                                            .addApiResponse("default", problemResponse()));
        };
    }

    private static ApiResponse problemResponse() {
        return new ApiResponse()
                .description("A problem (RFC 9457)")
                .content(
                        new Content()
                                .addMediaType(
                                        "application/problem+json",
                                        new MediaType()
                                                .schema(
                                                        new Schema<>()
                                                                .$ref(
                                                                        "#/components/schemas/Problem"))));
    }

    private static Schema<?> problemSchema() {
        return new Schema<>()
                .type("object")
                .addProperty("type", new Schema<>().type("string").format("uri"))
                .addProperty("title", new Schema<>().type("string"))
                .addProperty("status", new Schema<>().type("integer"))
                .addProperty("detail", new Schema<>().type("string"));
    }
}
