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

/// What `/v3/api-docs` says beyond the handlers themselves.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String TOKEN_SCHEME = "token";

    static {
        // What is sent is what is in it.
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

                                        Bodies are JSON of at most 64 KiB, read strictly: an unknown or \
                                        repeated field or a value of another type is refused. Money is a \
                                        decimal string with its currency. Every refusal is a problem \
                                        (RFC 9457) whose `type` names it.

                                        Each caller may read 200 times at once and 50 times a second, and \
                                        write 50 times at once and 10 times a second, of each instance of \
                                        this service unless it is set otherwise; so may each address without \
                                        a token 200 times and 50. Above that comes 429 with Retry-After. A \
                                        head has at most 16 KiB, a body arrives within 20 s, and what takes \
                                        more than 10 s in the database is given up with 503.

                                        Who calls is told by an access token (JWT) with the scopes \
                                        `orders:read` and `orders:write`, or `operator`. The catalogue \
                                        needs none."""))
                .components(new Components().addSecuritySchemes(TOKEN_SCHEME, tokenScheme()));
    }

    private static SecurityScheme tokenScheme() {
        return new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT")
                .description("An access token of the issuer that this service trusts.");
    }

    /// What a token is needed for says so, and how it refuses.
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
                                                    problemResponse().description("No good token"))
                                            .addApiResponse(
                                                    "403",
                                                    problemResponse()
                                                            .description(
                                                                    "A token without the scope"));
                                });
    }

    /// Every operation has a budget.
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
                                                                        "Too many requests; Retry-After says"
                                                                                + " when to ask again")));
    }

    /// Every operation may answer with a problem.
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
