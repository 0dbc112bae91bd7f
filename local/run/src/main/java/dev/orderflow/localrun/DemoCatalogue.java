package dev.orderflow.localrun;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The catalogue and stock of the demonstration, created through the internal API that a shop's own
/// systems would use.
public final class DemoCatalogue {

    private record DemoArticle(String sku, String name, String price, int stock) {}

    private static final List<DemoArticle> ARTICLES =
            List.of(
                    new DemoArticle("MUG-BLUE", "Blue mug", "12.50", 100_000),
                    new DemoArticle("TEAPOT-IRON", "Cast-iron teapot", "49.90", 100_000),
                    new DemoArticle("TABLE-OAK", "Oak table", "1290.00", 1_000),
                    new DemoArticle("LAMP-RARE", "Rare lamp, one left", "249.00", 1));

    private final SystemClient http;

    public DemoCatalogue(SystemClient http) {
        this.http = http;
    }

    static int openingStock(String sku) {
        return ARTICLES.stream()
                .filter(article -> article.sku().equals(sku))
                .mapToInt(DemoArticle::stock)
                .findFirst()
                .orElseThrow();
    }

    /// Creates the articles and their stock. Safe to repeat: an article that is there keeps its
    /// stock.
    public void create() {
        createArticles();
        createStock();
    }

    /// Creates the articles in order-service, which accepts orders from then on. Safe to repeat.
    void createArticles() {
        for (var article : ARTICLES) {
            http.internal(
                    "PUT",
                    Component.ORDER_SERVICE_INTERNAL,
                    "/internal/catalogue/" + article.sku(),
                    json(
                            Map.of(
                                    "name",
                                    article.name(),
                                    "unitPrice",
                                    Map.of("amount", article.price(), "currency", "EUR"))),
                    "demo-catalogue");
        }
    }

    /// Creates the stock in inventory-service. Safe to repeat: an article that is there keeps its
    /// stock.
    void createStock() {
        var stocked =
                http.internal("GET", Component.INVENTORY_SERVICE, "/internal/stock", "", "look")
                        .toString();
        for (var article : ARTICLES) {
            if (stocked.contains('"' + article.sku() + '"')) {
                continue;
            }
            http.internal(
                    "POST",
                    Component.INVENTORY_SERVICE,
                    "/internal/stock/" + article.sku() + "/receipts",
                    json(Map.of("quantity", article.stock(), "reference", "opening stock")),
                    "opening-stock-" + article.sku());
        }
    }

    private static String json(Object body) {
        return JsonMapper.shared().writeValueAsString(body);
    }
}
