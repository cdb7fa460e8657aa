package io.redmesh.benchmarks.eureka;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ApplicationContext;

/** An app that prints each instance that its load balancer begins to know. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Watcher {

	private static final long EVERY_MILLIS = 5;

	static void watch(ApplicationContext app, String service) throws InterruptedException {
		ServiceInstanceListSupplier list = Objects.requireNonNull(
				app.getBean(LoadBalancerClientFactory.class).getInstance(service, ServiceInstanceListSupplier.class));
		Set<String> known = new HashSet<>();
		System.out.println("watching");
		while (true) {
			for (ServiceInstance instance : Objects.requireNonNullElse(list.get().blockFirst(),
					List.<ServiceInstance>of())) {
				if (known.add(instance.getInstanceId())) {
					System.out.println("seen " + instance.getInstanceId());
				}
			}
			Thread.sleep(EVERY_MILLIS);
		}
	}

}
