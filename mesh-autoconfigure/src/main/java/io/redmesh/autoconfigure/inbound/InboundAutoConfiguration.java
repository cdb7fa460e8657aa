package io.redmesh.autoconfigure.inbound;

import java.util.List;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.redmesh.autoconfigure.MeshProperties;
import io.redmesh.autoconfigure.ServiceName;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Auto-configuration of the filters that receive calls. They refuse some calls, and track
 * those that they admit.
 */
@AutoConfiguration
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ InboundProperties.class, MeshProperties.class })
public final class InboundAutoConfiguration {

	/**
	 * The order of the filter, on servlets and on WebFlux. It runs after the filters that
	 * know the origin of a request and that measure it, so that refusals are measured as
	 * well. It runs before all other filters.
	 */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 2;

	@Bean
	ArrivedHeaders meshArrivedHeaders(InboundProperties properties) {
		return ArrivedHeaders.of(properties.trustPriority());
	}

	@Bean
	Admission meshAdmission(InboundProperties properties, MeshProperties mesh, Environment environment, Time time,
			ObjectProvider<WaitingRequests> waiting) {
		// No caller addresses an app by a name under which it cannot register.
		String name = ServiceName.of(mesh, environment).permitted();
		ConcurrencyLimit limit = new ConcurrencyLimit(properties.limit(),
				properties.refuseLate() ? properties.patience() : null,
				waiting.getIfAvailable(() -> WaitingRequests.NONE), time);
		return new Admission(properties.checkDestination() ? name : null, limit, properties.reportLoad());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Filter.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class Servlet {

		@Bean
		FilterRegistrationBean<InboundFilter> meshInboundFilter(Admission admission, InboundProperties properties,
				ObjectProvider<VitalPaths> vital, ArrivedHeaders headers, Environment environment, Timer timer,
				Time time) {
			InboundFilter filter = new InboundFilter(admission, vital.getIfAvailable(() -> VitalPaths.NONE),
					threadReserve(admission.limit(), properties, environment, time), headers,
					environment.getProperty("spring.mvc.servlet.path", "/"), timer);
			FilterRegistrationBean<InboundFilter> registration = new FilterRegistrationBean<>(filter);
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
			registration.setOrder(ORDER);
			return registration;
		}

		private static ThreadReserve threadReserve(ConcurrencyLimit limit, InboundProperties properties,
				Environment environment, Time time) {
			if (!properties.refuseLate() || Threading.VIRTUAL.isActive(environment)
					|| !ClassUtils.isPresent("org.apache.catalina.startup.Tomcat", null)) {
				return ThreadReserve.unlimited();
			}
			return ThreadReserve.of(environment.getProperty("server.tomcat.threads.max", Integer.class, 200),
					properties.limit().min(), limit::isStuck, time);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ TomcatWebServer.class, ThreadPoolExecutor.class })
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnThreading(Threading.PLATFORM)
	static class Tomcat {

		@Bean
		TomcatRequests meshTomcatRequests(ApplicationContext app) {
			return new TomcatRequests(app);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebFilter.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class Reactive {

		@Bean
		InboundWebFilter meshInboundWebFilter(Admission admission, ObjectProvider<VitalPaths> vital,
				ArrivedHeaders headers, ApplicationContext app) {
			return new InboundWebFilter(admission, vital.getIfAvailable(() -> VitalPaths.NONE), headers, app);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HandlerExceptionResolver.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class Mvc {

		@Bean
		ServletFailureNotice meshServletFailureNotice() {
			return new ServletFailureNotice();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HandlerResultHandler.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class WebFlux {

		@Bean
		ReactiveFailureNotice meshReactiveFailureNotice() {
			return new ReactiveFailureNotice();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class })
	static class Actuator {

		@Bean
		VitalPaths meshVitalPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
			boolean samePort = ManagementPortType.get(environment) == ManagementPortType.SAME;
			return new VitalPaths(() -> {
				PathMappedEndpoints exposed = endpoints.getIfAvailable();
				return (exposed != null) ? ActuatorPaths.find(exposed, samePort) : List.of();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MeterBinder.class, MeterRegistry.class })
	static class Metrics {

		@Bean
		InboundMetrics meshInboundMetrics(Admission admission) {
			return new InboundMetrics(admission);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextRegistry.class)
	static class Propagation {

		// No bean injects it. Its creation registers it with Micrometer.
		@Bean
		@Lazy(false)
		ServedRequestAccessor meshServedRequestAccessor() {
			ServedRequestAccessor accessor = new ServedRequestAccessor();
			ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
			return accessor;
		}

	}

}
