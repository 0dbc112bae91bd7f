package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.catalogue.Article;
import dev.orderflow.order.catalogue.Articles;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcArticles implements Articles {

    private static final Logger log = LoggerFactory.getLogger(JdbcArticles.class);

    private final JdbcClient jdbc;

    JdbcArticles(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Article> find(Collection<Sku> skus) {
        return jdbc
                .sql("SELECT sku, name, unit_price, currency FROM article WHERE sku = ANY (:skus)")
                .param("skus", skus.stream().map(Sku::value).toArray(String[]::new))
                .query((row, _) -> article(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<Article> findAfter(Optional<Sku> after, int limit) {
        var found = new ArrayList<Article>();
        var from = after.map(Sku::value).orElse("");
        while (found.size() < limit) {
            int missing = limit - found.size();
            var rows = rowsAfter(from, missing);
            rows.forEach(row -> row.article().ifPresent(found::add));
            if (rows.size() < missing) {
                break;
            }
            from = rows.getLast().sku();
        }
        return found;
    }

    private record ArticleRow(String sku, Optional<Article> article) {}

    private List<ArticleRow> rowsAfter(String sku, int limit) {
        return jdbc.sql(
                        """
                        SELECT sku, name, unit_price, currency FROM article
                        WHERE sku > :after ORDER BY sku LIMIT :limit
                        """)
                .param("after", sku)
                .param("limit", limit)
                .query((row, _) -> new ArticleRow(row.getString("sku"), article(row)))
                .list();
    }

    @Override
    public void put(Article article) {
        jdbc.sql(
                        """
                        INSERT INTO article (sku, name, unit_price, currency)
                        VALUES (:sku, :name, :unit_price, :currency)
                        ON CONFLICT (sku) DO UPDATE
                           SET name = excluded.name, unit_price = excluded.unit_price,
                               currency = excluded.currency, updated_at = now()
                        """)
                .param("sku", article.sku().value())
                .param("name", article.name())
                .param("unit_price", article.unitPrice().amount())
                .param("currency", article.unitPrice().currency().getCurrencyCode())
                .update();
    }

    /// Skips a row that is not a valid [Article], so that it is not sold. The table's constraints
    /// refuse such rows; this protects against rows from before a rule became stricter.
    private static Optional<Article> article(ResultSet row) throws SQLException {
        var sku = row.getString("sku");
        try {
            return Optional.of(
                    new Article(
                            new Sku(sku),
                            row.getString("name"),
                            Money.of(row.getBigDecimal("unit_price"), row.getString("currency"))));
        } catch (InvalidValueException invalid) {
            log.warn("article {} is not sold, its row is invalid: {}", sku, invalid.getMessage());
            return Optional.empty();
        }
    }
}
