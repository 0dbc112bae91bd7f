package dev.orderflow.order.web;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.order.catalogue.Article;
import dev.orderflow.order.catalogue.Catalogue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The internal API of the catalogue: adds and changes articles. A `PUT` may be repeated.
@RestController
@RequestMapping(path = "/internal/catalogue", produces = "application/json")
class InternalCatalogueController {

    private final Catalogue catalogue;

    InternalCatalogueController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// The body of `PUT /internal/catalogue/{sku}`.
    record PutArticleRequest(
            @NotNull @SingleLineText(max = TextLine.MAX_ARTICLE_NAME_LENGTH) String name,
            @NotNull @Valid AmountView unitPrice) {}

    @ForMachines
    @ForOperators(value = OperatorRole.OPERATOR, action = "SET_ARTICLE")
    @PutMapping(path = "/{sku}", consumes = "application/json")
    ArticleView put(
            @PathVariable Sku sku,
            @Valid @RequestBody PutArticleRequest offer,
            OperatorRequest request) {
        var article = toArticle(sku, offer);
        request.describe(
                sku.value(),
                null,
                "%s, %s %s"
                        .formatted(
                                offer.name(),
                                offer.unitPrice().amount(),
                                offer.unitPrice().currency()));
        catalogue.put(article);
        return ArticleView.of(article);
    }

    private static Article toArticle(Sku sku, PutArticleRequest offer) {
        try {
            return new Article(
                    sku,
                    offer.name(),
                    Money.of(offer.unitPrice().amount(), offer.unitPrice().currency()));
        } catch (InvalidValueException invalid) {
            throw Problem.invalid("unitPrice." + invalid.name(), invalid.rule());
        }
    }
}
