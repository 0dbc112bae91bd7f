package dev.orderflow.operations.pages;

import dev.orderflow.operations.session.MessagePages.MessagePage;

/// A request that is answered with a message and the link that leads on.
final class MessagePageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient MessagePage page;

    MessagePageException(MessagePage page) {
        super(page.title(), null, false, false);
        this.page = page;
    }

    MessagePage page() {
        return page;
    }
}
