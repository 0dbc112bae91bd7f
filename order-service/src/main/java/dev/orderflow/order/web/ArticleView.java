package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.catalogue.Article;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An article in JSON.
@Schema(name = "Article")
record ArticleView(String sku, String name, AmountView unitPrice) {

    static ArticleView of(Article article) {
        return new ArticleView(
                article.sku().value(), article.name(), AmountView.of(article.unitPrice()));
    }

    /// A page of the catalogue.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ArticlePage")
    record ArticlePage(
            List<ArticleView> articles,
            @Schema(description = "The cursor of the next page; absent on the last page.")
                    @Nullable String next) {

        /// @param found one more article than the limit if there is a next page
        static ArticlePage of(List<Article> found, int limit) {
            var page = found.subList(0, Math.min(limit, found.size()));
            return new ArticlePage(
                    page.stream().map(ArticleView::of).toList(),
                    found.size() > limit ? page.getLast().sku().value() : null);
        }
    }
}
