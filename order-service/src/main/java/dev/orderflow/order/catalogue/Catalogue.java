package dev.orderflow.order.catalogue;

import dev.orderflow.contracts.value.Sku;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// The catalogue, with a short memory of what it was asked for.
@Component
public class Catalogue {

    /// A shop with more articles than this in two seconds of orders reads some again.
    private static final int MOST_REMEMBERED = 10_000;

    private final Articles articles;
    private final Clock clock;
    private final Duration memory;
    private final Map<Sku, Remembered> remembered = new ConcurrentHashMap<>();

    Catalogue(Articles articles, Clock clock, CatalogueProperties properties) {
        this.articles = articles;
        this.clock = clock;
        this.memory = properties.priceCacheTtl();
    }

    /// Those of the wanted articles that there are. What is not there is never remembered, so a new
    /// article is sold at once.
    public Map<Sku, Article> find(Collection<Sku> wanted) {
        var now = clock.instant();
        var found = new HashMap<Sku, Article>();
        var missing = new ArrayList<Sku>();
        for (var sku : wanted) {
            var known = remembered.get(sku);
            if (known != null && now.isBefore(known.until())) {
                found.put(sku, known.article());
            } else {
                missing.add(sku);
            }
        }
        if (!missing.isEmpty()) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            for (var article : articles.find(missing)) {
                found.put(article.sku(), article);
                remembered.put(article.sku(), new Remembered(article, now.plus(memory)));
            }
        }
        return found;
    }

    /// A page of articles by SKU, read afresh.
    public List<Article> findAfter(Optional<Sku> after, int limit) {
        return articles.findAfter(after, limit);
    }

    /// Adds an article, or changes its name and price for orders to come.
    public void put(Article article) {
        articles.put(article);
        remembered.remove(article.sku());
    }

    private record Remembered(Article article, Instant until) {}
}
