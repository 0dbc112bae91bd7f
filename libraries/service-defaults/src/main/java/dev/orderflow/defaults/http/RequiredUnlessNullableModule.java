package dev.orderflow.defaults.http;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.constraints.NotNull;
import java.lang.reflect.Executable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/// Derives required fields from the types of record components: a component may be missing or null
/// if it is `@Nullable` or `Optional`; otherwise it is required, and the elements of a list must
/// not be null.
///
/// A component with `@NotNull` may be null here, so that Bean Validation can report all invalid
/// fields at once.
///
/// `FAIL_ON_MISSING_CREATOR_PROPERTIES` and `FAIL_ON_NULL_CREATOR_PROPERTIES` of Jackson support no
/// optional components.
public final class RequiredUnlessNullableModule extends JacksonModule {

    @Override
    public String getModuleName() {
        return RequiredUnlessNullableModule.class.getName();
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
            return member instanceof AnnotatedParameter parameter
                            && parameter.getOwner().getAnnotated() instanceof Executable creator
                    ? isRequired(creator, parameter.getIndex())
                    : null;
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
            return member instanceof AnnotatedParameter parameter
                            && parameter.getOwner().getAnnotated() instanceof Executable creator
                            && isRequired(creator, parameter.getIndex())
                            && parameter.getRawType() != Optional.class
                            && !parameter.hasAnnotation(NotNull.class)
                    ? JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL)
                    : JsonSetter.Value.empty();
        }

        private static boolean isRequired(Executable creator, int index) {
            var types = creator.getAnnotatedParameterTypes();
            return index >= types.length || !types[index].isAnnotationPresent(Nullable.class);
        }
    }
}
