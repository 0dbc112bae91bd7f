package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.catalogue.Article;
import dev.orderflow.order.catalogue.Catalogue;
import dev.orderflow.order.domain.Line;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderIds;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.outbox.Outbox;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Prices an order and stores it together with the event that tells of it.
@Component
public class Placement {

    private final Catalogue catalogue;
    private final Orders orders;
    private final Outbox outbox;
    private final Clock clock;

    Placement(Catalogue catalogue, Orders orders, Outbox outbox, Clock clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Places an order, in the transaction of the caller if there is one.
    @Transactional
    public Placed place(OrderRequest request) {
        var skus = request.lines().stream().map(OrderRequest.Wanted::sku).toList();
        var seen = new HashSet<Sku>();
        var repeated = skus.stream().filter(sku -> !seen.add(sku)).distinct().toList();
        if (!repeated.isEmpty()) {
            return new Placed.NamedTwice(repeated);
        }
        var articles = catalogue.find(skus);
        var unknown = skus.stream().filter(sku -> !articles.containsKey(sku)).toList();
        if (!unknown.isEmpty()) {
            return new Placed.NotSold(unknown);
        }
        var currencies = new TreeSet<String>();
        articles.values().forEach(it -> currencies.add(it.price().currency().getCurrencyCode()));
        if (currencies.size() > 1) {
            return new Placed.MixedCurrencies(currencies);
        }
        var limits = ChargeCurrency.of(article(request.lines().getFirst(), articles).price());
        var total = total(request.lines(), articles);
        if (total.compareTo(limits.minimum()) < 0 || total.compareTo(limits.maximum()) > 0) {
            return new Placed.TotalNotChargeable(total, limits);
        }
        // What Postgres keeps of an instant, so that a later read tells the same.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var order =
                Order.place(
                        OrderIds.next(now),
                        request.customer(),
                        priced(request.lines(), articles),
                        now);
        orders.add(order, new PersonalData.Held(request.delivery(), request.paymentMethodId()));
        outbox.add(Announcement.of(order, request.traceparent()));
        return new Placed.Accepted(order);
    }

    /// The sum of what may be more than [Money] holds.
    private static BigDecimal total(List<OrderRequest.Wanted> lines, Map<Sku, Article> articles) {
        return lines.stream()
                .map(
                        wanted ->
                                article(wanted, articles)
                                        .price()
                                        .amount()
                                        .multiply(BigDecimal.valueOf(wanted.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Article article(OrderRequest.Wanted wanted, Map<Sku, Article> articles) {
        var article = articles.get(wanted.sku());
        if (article == null) {
            throw new IllegalStateException("not priced: " + wanted.sku());
        }
        return article;
    }

    private static List<Line> priced(List<OrderRequest.Wanted> lines, Map<Sku, Article> articles) {
        return lines.stream()
                .map(
                        wanted -> {
                            var article = article(wanted, articles);
                            return new Line(
                                    wanted.sku(),
                                    article.name(),
                                    wanted.quantity(),
                                    article.price());
                        })
                .toList();
    }
}
