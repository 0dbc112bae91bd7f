package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.order.catalogue.Article;
import dev.orderflow.order.catalogue.Catalogue;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderLine;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.outbox.OrderEventPublisher;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/// Prices an order and prepares its rows, its `OrderCreated` event included, which are stored
/// together or not at all.
@Component
public class PlacementService {

    private final Catalogue catalogue;
    private final NewOrders orders;
    private final OrderEventPublisher outbox;
    private final Clock clock;

    PlacementService(
            Catalogue catalogue, NewOrders orders, OrderEventPublisher outbox, Clock clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Prepares an order. It stores nothing, and reads prices that are not cached.
    public PlaceOrderResult prepare(OrderRequest request) {
        var skus = request.lines().stream().map(OrderRequest.RequestedLine::sku).toList();
        var seen = new HashSet<Sku>();
        var repeated = skus.stream().filter(sku -> !seen.add(sku)).distinct().toList();
        if (!repeated.isEmpty()) {
            return new PlaceOrderResult.DuplicateArticles(repeated);
        }
        var articles = catalogue.find(skus);
        var unknown = skus.stream().filter(sku -> !articles.containsKey(sku)).toList();
        if (!unknown.isEmpty()) {
            return new PlaceOrderResult.UnknownArticles(unknown);
        }
        var currencies = new TreeSet<String>();
        articles.values()
                .forEach(it -> currencies.add(it.unitPrice().currency().getCurrencyCode()));
        if (currencies.size() > 1) {
            return new PlaceOrderResult.MixedCurrencies(currencies);
        }
        var limits =
                ChargeCurrency.of(requireArticle(request.lines().getFirst(), articles).unitPrice());
        var total = total(request.lines(), articles);
        if (total.compareTo(limits.minimum()) < 0 || total.compareTo(limits.maximum()) > 0) {
            return new PlaceOrderResult.TotalNotChargeable(total, limits);
        }
        // Postgres stores microseconds, so a later read returns the same instant.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var order =
                Order.place(
                        UuidV7.create(now),
                        request.customer(),
                        priceLines(request.lines(), articles),
                        now);
        var inserts =
                new ArrayList<>(
                        orders.prepare(
                                order,
                                new PersonalData.AvailablePersonalData(
                                        request.delivery(), request.paymentMethodId())));
        inserts.add(outbox.prepare(OrderCreatedFactory.create(order, request.traceparent())));
        return new PlaceOrderResult.OrderPrepared(order, inserts);
    }

    /// The total, which may exceed the range of [Money].
    private static BigDecimal total(
            List<OrderRequest.RequestedLine> lines, Map<Sku, Article> articles) {
        return lines.stream()
                .map(
                        requested ->
                                requireArticle(requested, articles)
                                        .unitPrice()
                                        .amount()
                                        .multiply(BigDecimal.valueOf(requested.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Article requireArticle(
            OrderRequest.RequestedLine requested, Map<Sku, Article> articles) {
        var article = articles.get(requested.sku());
        if (article == null) {
            throw new IllegalStateException("no price was read for " + requested.sku());
        }
        return article;
    }

    private static List<OrderLine> priceLines(
            List<OrderRequest.RequestedLine> lines, Map<Sku, Article> articles) {
        return lines.stream()
                .map(
                        requested -> {
                            var article = requireArticle(requested, articles);
                            return new OrderLine(
                                    requested.sku(),
                                    article.name(),
                                    requested.quantity(),
                                    article.unitPrice());
                        })
                .toList();
    }
}
