package dev.orderflow.order.personaldata;

import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/// Configures a master key that tests can make unavailable.
@TestConfiguration(proxyBeanMethods = false)
public class MasterKeyFixture {

    @Bean
    FakeMasterKey masterKeyDouble() {
        return new FakeMasterKey('T');
    }

    @Bean
    @Primary
    MasterKeys masterKeysOfTests(FakeMasterKey key) {
        return new MasterKeys(List.of(key));
    }
}
