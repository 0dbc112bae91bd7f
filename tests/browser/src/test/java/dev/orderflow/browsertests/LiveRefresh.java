package dev.orderflow.browsertests;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import java.util.ArrayList;

/// The requests by which a page keeps itself current.
final class LiveRefresh {

    private LiveRefresh() {}

    static boolean isRefresh(Request request) {
        return request.headers().containsKey("hx-request");
    }

    /// Its script refreshes a page at once when its window becomes visible.
    static void becomeVisible(Page page) {
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))");
    }

    /// Makes a page refresh, and does something before the answer arrives.
    ///
    /// @param path the page's
    static void beforeTheAnswer(Page page, String path, Runnable action) {
        var delayed = new ArrayList<Route>();
        page.route(
                address -> address.endsWith(path),
                route -> {
                    if (delayed.isEmpty()) {
                        delayed.add(route);
                    } else {
                        route.resume();
                    }
                });
        page.waitForRequest(LiveRefresh::isRefresh, () -> becomeVisible(page));
        action.run();
        page.waitForResponse(
                response -> isRefresh(response.request()), () -> delayed.getFirst().resume());
    }
}
