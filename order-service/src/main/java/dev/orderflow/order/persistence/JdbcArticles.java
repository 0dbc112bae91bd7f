package dev.orderflow.order.persistence;

import dev.orderflow.order.catalogue.Article;
import dev.orderflow.order.catalogue.Articles;
import dev.orderflow.order.domain.Money;
import dev.orderflow.order.domain.Sku;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcArticles implements Articles {

    private final JdbcClient jdbc;

    JdbcArticles(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Article> find(Collection<Sku> wanted) {
        return jdbc.sql("SELECT sku, name, amount, currency FROM article WHERE sku = ANY (:skus)")
                .param("skus", wanted.stream().map(Sku::value).toArray(String[]::new))
                .query((row, _) -> article(row))
                .list();
    }

    @Override
    public List<Article> list(Optional<Sku> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT sku, name, amount, currency FROM article
                        WHERE sku > :after ORDER BY sku LIMIT :limit
                        """)
                .param("after", after.map(Sku::value).orElse(""))
                .param("limit", limit)
                .query((row, _) -> article(row))
                .list();
    }

    @Override
    public void put(Article article) {
        jdbc.sql(
                        """
                        INSERT INTO article (sku, name, amount, currency)
                        VALUES (:sku, :name, :amount, :currency)
                        ON CONFLICT (sku) DO UPDATE
                           SET name = excluded.name, amount = excluded.amount,
                               currency = excluded.currency, changed_at = now()
                        """)
                .param("sku", article.sku().value())
                .param("name", article.name())
                .param("amount", article.price().amount())
                .param("currency", article.price().currency().getCurrencyCode())
                .update();
    }

    private static Article article(ResultSet row) throws SQLException {
        return new Article(
                new Sku(row.getString("sku")),
                row.getString("name"),
                new Money(
                        row.getBigDecimal("amount"),
                        Currency.getInstance(row.getString("currency"))));
    }
}
