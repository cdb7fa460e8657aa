package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.call.MeshHosts;
import io.redmesh.autoconfigure.registration.RegistrationJournal;
import io.redmesh.autoconfigure.registration.RegistrationState;
import io.redmesh.autoconfigure.registration.RegistrationTransition;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows what this process believes: its own registration, the registry in use, the
 * services it knows, and of each of them the endpoints with what calls have taught.
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

	private final Time time;

	MeshEndpoint(RegistryContact contact, Catalog catalog, RegistrationJournal journal, Supplier<URI> url,
			Supplier<@Nullable Instant> heardAt, Supplier<@Nullable EndpointPools> pools,
			Supplier<@Nullable CallPlanner> planner, Supplier<@Nullable MeshHosts> hosts, Time time) {
		this.contact = contact;
		this.catalog = catalog;
		this.journal = journal;
		this.url = url;
		this.heardAt = heardAt;
		this.pools = pools;
		this.planner = planner;
		this.hosts = hosts;
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
						this.heardAt.get(), services));
	}

	/**
	 * Describes one service; under {@code endpoints} all of them, and under
	 * {@code explain} how a call would be made now.
	 * @param service its name, or one of these words
	 * @param uri what would be called
	 * @param timeout how long the caller would wait for the answer, or null for as long
	 * as the policy says
	 * @return the descriptor, or null if nobody ever registered such a service
	 */
	@ReadOperation
	// The declared type does not say what a native image has to write as JSON.
	@RegisterReflectionForBinding({ CallExplanation.class, EndpointsDescriptor.class, ServiceDescriptor.class })
	public @Nullable OperationResponseBody service(@Selector String service, @Nullable String uri,
			@Nullable Duration timeout) {
		EndpointPools all = this.pools.get();
		CallPlanner calls = this.planner.get();
		MeshHosts meshed = this.hosts.get();
		if (service.equals("explain") && uri != null && all != null && calls != null && meshed != null) {
			return CallExplanation.of(uri, timeout, all, calls, meshed, this.time);
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
		return pool.all().stream().map((endpoint) -> EndpointDescriptor.of(endpoint, pool, now)).toList();
	}

	/**
	 * This app's part in the mesh.
	 *
	 * @param registration its own registration
	 * @param registry the registry it speaks to
	 * @param catalog what it knows of the others
	 */
	public record MeshDescriptor(RegistrationDescriptor registration, RegistryDescriptor registry,
			CatalogDescriptor catalog) implements OperationResponseBody {

	}

	/**
	 * The registration of this instance.
	 *
	 * @param state the last transition
	 * @param since when that was
	 * @param instance the instance as the registry knows it
	 * @param renewedAt when the registry last confirmed it
	 * @param problem what stands in the way
	 */
	public record RegistrationDescriptor(String state, @Nullable Instant since, @Nullable Instance instance,
			@Nullable Instant renewedAt, @Nullable String problem) {

	}

	/**
	 * The registry.
	 *
	 * @param url the server in use
	 * @param connected whether it can be reached
	 * @param since since when that is so
	 * @param failure why not
	 */
	public record RegistryDescriptor(String url, boolean connected, Instant since, @Nullable String failure) {

	}

	/**
	 * What this process knows of the others.
	 *
	 * @param cursor where in the registry's history this stands
	 * @param complete whether nothing can be missing
	 * @param heardAt when the registry was heard last
	 * @param services the services
	 */
	public record CatalogDescriptor(@Nullable String cursor, boolean complete, @Nullable Instant heardAt,
			Map<String, ServiceCounts> services) {

	}

	/**
	 * How many instances a service has.
	 *
	 * @param instances all of them
	 * @param up those that want calls
	 * @param source where they are known from: the registry, an earlier run, or, for
	 * services by hand, the configuration
	 */
	public record ServiceCounts(int instances, long up, String source) {

		static ServiceCounts of(List<Instance> instances, String source) {
			return new ServiceCounts(instances.size(),
					instances.stream().filter((instance) -> instance.status() == Status.UP).count(), source);
		}

	}

	/**
	 * One service.
	 *
	 * @param service its name
	 * @param source where it is known from: the registry, an earlier run, or the
	 * configuration
	 * @param cursor where in the registry's history it last changed; null when it is not
	 * known from there
	 * @param instances what the registry says
	 * @param endpoints what this process makes of it
	 */
	public record ServiceDescriptor(String service, String source, @Nullable String cursor, List<Instance> instances,
			List<EndpointDescriptor> endpoints) implements OperationResponseBody {

	}

	/**
	 * What this process makes of all instances.
	 *
	 * @param services the endpoints of each service
	 */
	public record EndpointsDescriptor(Map<String, List<EndpointDescriptor>> services) implements OperationResponseBody {

	}

}
