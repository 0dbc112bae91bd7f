package dev.orderflow.defaults.http;

import java.lang.reflect.Executable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/// Reads records as their types say: a component may be left out of the JSON if it is `@Nullable`,
/// and must be there otherwise.
///
/// Jackson's own `FAIL_ON_MISSING_CREATOR_PROPERTIES` knows no optional component.
public final class RequiredUnlessNullable extends JacksonModule {

    @Override
    public String getModuleName() {
        return RequiredUnlessNullable.class.getName();
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.insertAnnotationIntrospector(new Introspector());
    }

    private static final class Introspector extends NopAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getOwner().getAnnotated() instanceof Executable creator) {
                var types = creator.getAnnotatedParameterTypes();
                return parameter.getIndex() >= types.length
                        || !types[parameter.getIndex()].isAnnotationPresent(Nullable.class);
            }
            return null;
        }
    }
}
