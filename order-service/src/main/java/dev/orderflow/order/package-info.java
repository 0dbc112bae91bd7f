/// The order service: one database transaction accepts an order, and nothing it tells the world is
/// lost.
///
/// Guarantee: an order that was answered with 201 is stored, will be published at least once and
/// gets exactly one workflow. Limit: acceptance says nothing about stock or payment; those are the
/// workflow's to find out.
@NullMarked
package dev.orderflow.order;

import org.jspecify.annotations.NullMarked;
