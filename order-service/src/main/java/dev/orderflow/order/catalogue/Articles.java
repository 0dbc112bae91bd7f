package dev.orderflow.order.catalogue;

import dev.orderflow.contracts.value.Sku;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// All articles.
public interface Articles {

    /// Those of the wanted articles that there are, in one look.
    List<Article> find(Collection<Sku> wanted);

    /// Articles by SKU.
    ///
    /// @param after only those behind this one
    List<Article> findAfter(Optional<Sku> after, int limit);

    /// Stores an article in place of an earlier one of the same SKU.
    void put(Article article);
}
