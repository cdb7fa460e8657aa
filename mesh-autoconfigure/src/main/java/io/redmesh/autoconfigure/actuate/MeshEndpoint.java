package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.call.MeshHosts;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.autoconfigure.registration.RegistrationState;
import io.redmesh.autoconfigure.registration.RegistrationTransition;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.rule.RuleSources;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.HostRoutes;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleBook;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The Actuator endpoint {@code mesh}, which shows what this process believes: its own
 * registration, the registry in use, the services that it knows, and the traffic rules.
 * For each service it shows the endpoints, with what calls have taught about them.
 */
@org.springframework.boot.actuate.endpoint.annotation.Endpoint(id = "mesh", defaultAccess = Access.READ_ONLY)
public class MeshEndpoint {

	private final RegistryContact contact;

	private final Catalog catalog;

	private final RegistrationJournal journal;

	private final Supplier<URI> url;

	private final Supplier<@Nullable Instant> heardAt;

	private final Supplier<@Nullable EndpointPools> pools;

	private final Supplier<@Nullable CallPlanner> planner;

	private final Supplier<@Nullable MeshHosts> hosts;

	private final RuleSources rules;

	private final RuleBook book;

	private final Time time;

	MeshEndpoint(RegistryContact contact, Catalog catalog, RegistrationJournal journal, Supplier<URI> url,
			Supplier<@Nullable Instant> heardAt, Supplier<@Nullable EndpointPools> pools,
			Supplier<@Nullable CallPlanner> planner, Supplier<@Nullable MeshHosts> hosts, RuleSources rules,
			RuleBook book, Time time) {
		this.contact = contact;
		this.catalog = catalog;
		this.journal = journal;
		this.url = url;
		this.heardAt = heardAt;
		this.pools = pools;
		this.planner = planner;
		this.hosts = hosts;
		this.rules = rules;
		this.book = book;
		this.time = time;
	}

	/**
	 * Describes this app's part in the mesh.
	 * @return the descriptor
	 */
	@ReadOperation
	public MeshDescriptor mesh() {
		RegistrationState registration = this.journal.state();
		RegistrationTransition last = registration.last();
		RegistryContact.State state = this.contact.state();
		Cursor cursor = this.catalog.cursor();
		Map<String, ServiceCounts> services = new TreeMap<>();
		for (String service : this.catalog.services()) {
			ServiceSnapshot snapshot = this.catalog.service(service);
			if (snapshot != null) {
				services.put(service, ServiceCounts.of(snapshot.instances(), source(snapshot)));
			}
		}
		return new MeshDescriptor(
				new RegistrationDescriptor((last != null) ? last.label() : "none", registration.since(),
						registration.registered(), registration.renewedAt(), registration.problem()),
				new RegistryDescriptor(this.url.get().toString(), state.connected(), state.since(), state.failure()),
				new CatalogDescriptor((cursor != null) ? cursor.toString() : null, this.catalog.complete(),
						this.heardAt.get(), services),
				rules());
	}

	private RulesDescriptor rules() {
		RouteTable table = this.book.table();
		RuleSources.State state = this.rules.state();
		List<String> rules = new ArrayList<>();
		List<String> own = new ArrayList<>();
		for (Rule rule : this.book.rules()) {
			(this.rules.isOwn(rule.key()) ? own : rules).add(rule.key().toString());
		}
		Map<String, List<RouteDescriptor>> hosts = new LinkedHashMap<>();
		for (HostRoutes host : table.hosts()) {
			hosts.put(host.host(), host.routes().stream().map((route) -> RouteDescriptor.of(route, table)).toList());
		}
		return new RulesDescriptor(state.source(), state.revision(), state.problem(), rules, own, hosts);
	}

	/**
	 * Describes one service. Under {@code endpoints} it describes all endpoints, and
	 * under {@code explain} a call as it would be made now.
	 * @param service the name of the service, or one of these words
	 * @param uri the URI that would be called
	 * @param method the method of the request; null for GET
	 * @param headers the headers of the request, one a line, such as
	 * {@code x-user: jason}; null for none
	 * @param timeout how long the caller would wait for the response; null for the
	 * timeout of the policy
	 * @return the descriptor, or null if this process does not know such a service
	 */
	@ReadOperation
	// The declared type does not tell a native image which types it has to write as JSON.
	@RegisterReflectionForBinding({ CallExplanation.class, EndpointsDescriptor.class, ServiceDescriptor.class })
	public @Nullable OperationResponseBody service(@Selector String service, @Nullable String uri,
			@Nullable String method, @Nullable String headers, @Nullable Duration timeout) {
		EndpointPools all = this.pools.get();
		CallPlanner calls = this.planner.get();
		MeshHosts meshed = this.hosts.get();
		if (service.equals("explain") && uri != null && all != null && calls != null && meshed != null) {
			return CallExplanation.of(ExplainedCall.of(uri, method, headers, timeout), all, calls, meshed,
					this.book.table(), this.time);
		}
		if (service.equals("endpoints") && all != null) {
			Map<String, List<EndpointDescriptor>> services = new TreeMap<>();
			all.all().forEach((pool) -> services.put(pool.service(), endpoints(pool)));
			return new EndpointsDescriptor(services);
		}
		ServiceSnapshot snapshot = this.catalog.service(service);
		if (snapshot == null) {
			return null;
		}
		Cursor cursor = snapshot.cursor();
		EndpointPool pool = (all != null) ? all.pool(service) : null;
		return new ServiceDescriptor(service, source(snapshot), (cursor != null) ? cursor.toString() : null,
				snapshot.instances(), (pool != null) ? endpoints(pool) : List.of());
	}

	private String source(ServiceSnapshot snapshot) {
		if (this.catalog.isFixed(snapshot.service())) {
			return "configuration";
		}
		return (snapshot.cursor() != null) ? "registry" : "earlier run";
	}

	private List<EndpointDescriptor> endpoints(EndpointPool pool) {
		long now = this.time.nanos();
		return pool.all().stream().map((endpoint) -> EndpointDescriptor.of(endpoint, pool, null, now)).toList();
	}

	/**
	 * This app's part in the mesh.
	 *
	 * @param registration its own registration
	 * @param registry the registry that it uses
	 * @param catalog its knowledge of other services
	 * @param rules the traffic rules that it obeys
	 */
	public record MeshDescriptor(RegistrationDescriptor registration, RegistryDescriptor registry,
			CatalogDescriptor catalog, RulesDescriptor rules) implements OperationResponseBody {

	}

	/**
	 * The registration of this instance.
	 *
	 * @param state the last transition, {@code none} before the first
	 * @param since the time of that transition; null before the first
	 * @param instance the instance as the registry knows it; null if it is not registered
	 * @param renewedAt the time at which the registry last confirmed it; null if never
	 * @param problem what prevents the registration, in words; null if nothing does
	 */
	public record RegistrationDescriptor(String state, @Nullable Instant since, @Nullable Instance instance,
			@Nullable Instant renewedAt, @Nullable String problem) {

	}

	/**
	 * The registry.
	 *
	 * @param url the registry server in use
	 * @param connected whether it can be reached
	 * @param since the time of the last change of {@code connected}
	 * @param failure the reason why it cannot be reached, or null
	 */
	public record RegistryDescriptor(String url, boolean connected, Instant since, @Nullable String failure) {

	}

	/**
	 * This process's knowledge of other services.
	 *
	 * @param cursor the place in the registry's history that it has seen; null if none
	 * @param complete whether it certainly lacks no instance
	 * @param heardAt the time at which the registry was last heard; null if never
	 * @param services the services, by their names
	 */
	public record CatalogDescriptor(@Nullable String cursor, boolean complete, @Nullable Instant heardAt,
			Map<String, ServiceCounts> services) {

	}

	/**
	 * The traffic rules that this process obeys.
	 *
	 * @param source the source of the rules in force: {@code registry},
	 * {@code earlier run}, or {@code none}
	 * @param revision the revision of the registry's rules in force; null if there is
	 * none
	 * @param problem the reason why a newer revision is not in force; null if there is
	 * none
	 * @param rules the registry's rules in force, each as kind and name
	 * @param own the rules of this app alone
	 * @param hosts the routes of each host, in the order in which they are tried, as far
	 * as they concern this app
	 */
	public record RulesDescriptor(String source, @Nullable String revision, @Nullable String problem,
			List<String> rules, List<String> own, Map<String, List<RouteDescriptor>> hosts) {

	}

	/**
	 * The number of a service's instances.
	 *
	 * @param instances the number of all instances
	 * @param up the number of instances with status {@code UP}
	 * @param source the source of this knowledge: {@code registry}, {@code earlier run},
	 * or {@code configuration} for services set by hand
	 */
	public record ServiceCounts(int instances, long up, String source) {

		static ServiceCounts of(List<Instance> instances, String source) {
			return new ServiceCounts(instances.size(),
					instances.stream().filter((instance) -> instance.status() == Status.UP).count(), source);
		}

	}

	/**
	 * A service as this process knows it.
	 *
	 * @param service the name of the service
	 * @param source the source of this knowledge: {@code registry}, {@code earlier run}
	 * or {@code configuration}
	 * @param cursor the place in the registry's history at which it last changed; null if
	 * it is not known from there
	 * @param instances the instances as the registry knows them
	 * @param endpoints this process's handles on them
	 */
	public record ServiceDescriptor(String service, String source, @Nullable String cursor, List<Instance> instances,
			List<EndpointDescriptor> endpoints) implements OperationResponseBody {

	}

	/**
	 * This process's handles on the instances of all services.
	 *
	 * @param services the endpoints of each service, by its name
	 */
	public record EndpointsDescriptor(Map<String, List<EndpointDescriptor>> services) implements OperationResponseBody {

	}

}
