package dev.orderflow.order.catalogue;

import dev.orderflow.contracts.value.Sku;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The repository of all articles.
public interface Articles {

    /// Finds articles by SKU in one query; unknown SKUs are left out.
    List<Article> find(Collection<Sku> skus);

    /// Lists articles, sorted by SKU.
    ///
    /// @param after returns only articles with a greater SKU
    List<Article> findAfter(Optional<Sku> after, int limit);

    /// Stores an article; an earlier one with the same SKU is replaced.
    void put(Article article);
}
