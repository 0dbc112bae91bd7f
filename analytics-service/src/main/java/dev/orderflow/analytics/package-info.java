/// Facts about orders and the figures made of them. It may lag; nobody waits for it.
@NullMarked
package dev.orderflow.analytics;

import org.jspecify.annotations.NullMarked;
