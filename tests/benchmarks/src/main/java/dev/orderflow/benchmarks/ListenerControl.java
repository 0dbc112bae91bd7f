package dev.orderflow.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orderflow.analytics.messaging.FactIngestion;
import dev.orderflow.benchmarks.BareConsumer.MessageHandling;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.AbstractMessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Controls the listeners of a measured service over HTTP: `/queues` lists their queues,
/// `/stop?QUEUE` and `/start?QUEUE` stop and start the listener of a queue, `/loop?QUEUE` starts a
/// bare loop in its place ([BareConsumer]) and `/end?QUEUE` ends that.
final class ListenerControl {

    /// Where the method is not `handle`, because a class listens to two queues.
    private static final Map<String, String> HANDLER_OF_QUEUE =
            Map.of("shipping-requests", "arrange", "shipping-cancellations", "cancel");

    private final ConfigurableApplicationContext context;
    private @Nullable BareConsumer loop;

    private ListenerControl(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static void start(ConfigurableApplicationContext context, int port) {
        var control = new ListenerControl(context);
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", control::answer);
            server.start();
        } catch (IOException failed) {
            throw new UncheckedIOException("the control port cannot be opened", failed);
        }
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            var queue = call.getRequestURI().getQuery();
            String text;
            int status = 200;
            try {
                text = execute(call.getRequestURI().getPath(), queue == null ? "" : queue);
            } catch (RuntimeException failed) {
                text = failed.toString();
                status = 500;
            }
            var bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            call.getResponseBody().write(bytes);
        }
    }

    private String execute(String path, String queue) {
        switch (path) {
            case "/queues" -> {
                return containers().stream()
                        .flatMap(container -> queues(container).stream())
                        .collect(Collectors.joining(" "));
            }
            case "/stop" -> container(queue).stop();
            case "/start" -> container(queue).start();
            case "/loop" ->
                    loop =
                            BareConsumer.start(
                                    context.getBean(SqsAsyncClient.class), queue, handler(queue));
            case "/end" -> {
                if (loop != null) {
                    loop.close();
                    loop = null;
                }
            }
            default -> throw new IllegalArgumentException("no command " + path);
        }
        return "";
    }

    private Collection<MessageListenerContainer<?>> containers() {
        return context.getBean(MessageListenerContainerRegistry.class).getListenerContainers();
    }

    private static Collection<String> queues(MessageListenerContainer<?> container) {
        return container instanceof AbstractMessageListenerContainer<?, ?, ?> known
                ? known.getQueueNames()
                : List.of();
    }

    private MessageListenerContainer<?> container(String queue) {
        return containers().stream()
                .filter(each -> queues(each).contains(queue))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener of " + queue));
    }

    /// What the listener of a queue does with messages, without Spring Cloud AWS and the delivery
    /// mechanism of service-defaults.
    private MessageHandling handler(String queue) {
        for (var name : context.getBeanDefinitionNames()) {
            var type = context.getType(name);
            if (type == null || !type.getName().startsWith("dev.orderflow.")) {
                continue;
            }
            var bean = context.getBean(name);
            for (var method : AopUtils.getTargetClass(bean).getDeclaredMethods()) {
                var listener = method.getAnnotation(SqsListener.class);
                if (listener != null
                        && Arrays.stream(listener.queueNames())
                                .map(context.getEnvironment()::resolvePlaceholders)
                                .anyMatch(queue::equals)) {
                    return handlerOf(queue, bean, method);
                }
            }
        }
        throw new IllegalArgumentException("no listener of " + queue);
    }

    /// A listener of batches passes them to a bean; one of single messages has a method of its own.
    private MessageHandling handlerOf(String queue, Object bean, Method listener) {
        if (listener.getParameterTypes()[0] == List.class) {
            return new MessageHandling(true, context.getBean(FactIngestion.class)::handle);
        }
        var name = HANDLER_OF_QUEUE.getOrDefault(queue, "handle");
        try {
            var handler =
                    AopUtils.getTargetClass(bean).getDeclaredMethod(name, ReceivedMessage.class);
            handler.setAccessible(true);
            return new MessageHandling(
                    false,
                    messages ->
                            messages.stream()
                                    .map(message -> invoke(handler, bean, message))
                                    .toList());
        } catch (NoSuchMethodException missing) {
            throw new IllegalStateException("the listener of " + queue + " has changed", missing);
        }
    }

    private static HandlingResult invoke(Method handler, Object bean, ReceivedMessage message) {
        try {
            return (HandlingResult) handler.invoke(bean, message);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
