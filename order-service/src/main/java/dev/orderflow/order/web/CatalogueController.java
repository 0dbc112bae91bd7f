package dev.orderflow.order.web;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.catalogue.Catalogue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The public API of the catalogue.
@RestController
@RequestMapping(path = "/catalogue", produces = "application/json")
@Tag(name = "Catalogue")
class CatalogueController {

    private final Catalogue catalogue;

    CatalogueController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @GetMapping
    @Operation(summary = "Articles and prices, by SKU")
    ArticleView.ArticlePage articles(
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit,
            @Parameter(
                            description = "The `next` of the previous page.",
                            schema = @Schema(type = "string"))
                    @RequestParam(required = false)
                    @Nullable Sku cursor) {
        return ArticleView.ArticlePage.of(
                catalogue.findAfter(Optional.ofNullable(cursor), limit + 1), limit);
    }
}
