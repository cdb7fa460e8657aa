package io.redmesh.demo.storefront;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

/** The storefront, which calls orders and inventory. */
@SpringBootApplication
@ImportHttpServices(group = "inventory", types = Inventory.class, clientType = ClientType.WEB_CLIENT)
public class StorefrontApplication {

	public static void main(String[] args) {
		SpringApplication.run(StorefrontApplication.class, args);
	}

}
