package dev.orderflow.order.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What `/v3/api-docs` says beyond the handlers themselves.
@Configuration(proxyBeanMethods = false)
class ApiDescription {

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
                                        (RFC 9457) whose `type` names it."""));
    }

    /// Every operation may answer with a problem.
    @Bean
    OpenApiCustomizer problems() {
        return api -> {
            api.getComponents().addSchemas("Problem", problem());
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

    private static Schema<?> problem() {
        return new Schema<>()
                .type("object")
                .addProperty("type", new Schema<>().type("string").format("uri"))
                .addProperty("title", new Schema<>().type("string"))
                .addProperty("status", new Schema<>().type("integer"))
                .addProperty("detail", new Schema<>().type("string"));
    }
}
