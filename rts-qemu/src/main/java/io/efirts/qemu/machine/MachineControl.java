// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;

/**
 * What is asked of QEMU in ordinary operation. Every method blocks until QEMU has answered, at most
 * the command limit, and fails with a {@link MachineException}.
 */
final class MachineControl {
  private final QmpConnection connection;
  private final long limitNanos;

  MachineControl(QmpConnection connection, Duration commandLimit) {
    this.connection = connection;
    limitNanos = commandLimit.toNanos();
  }

  /** Stops the vCPU; no effect on one that is stopped. */
  void stop() {
    command("stop", null);
  }

  /** Lets the vCPU go on; no effect on one that runs. */
  void resume() {
    command("cont", null);
  }

  /**
   * Lets the vCPU go on.
   *
   * @param deadline latest time as of {@link System#nanoTime()}
   */
  void resume(long deadline) {
    connection.command("cont", null, deadline);
  }

  /** QEMU's word for the machine's state, "running" or "paused" among others. */
  String status() {
    return text(command("query-status", null), "status");
  }

  /** Leaves guest RAM out of a migration, since its file is copied. */
  void leaveOutSharedRam() {
    JsonObject capability = new JsonObject();
    capability.addProperty("capability", "x-ignore-shared");
    capability.addProperty("state", true);
    JsonArray capabilities = new JsonArray();
    capabilities.add(capability);
    JsonObject arguments = new JsonObject();
    arguments.add("capabilities", capabilities);
    command("migrate-set-capabilities", arguments);
  }

  /** Begins to write the device state into a file in the machine's directory. */
  void saveDevices(String file) {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", "exec:cat > " + file);
    command("migrate", arguments);
  }

  /** Begins to load the device state from a file in the machine's directory. */
  void loadDevices(String file) {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("uri", "exec:cat " + file);
    command("migrate-incoming", arguments);
  }

  /** QEMU's word for how far a migration is, "none" if there was none. */
  String migration() {
    JsonElement answer = command("query-migrate", null);
    return answer.getAsJsonObject().has("status") ? text(answer, "status") : "none";
  }

  private JsonElement command(String name, JsonObject arguments) {
    return connection.command(name, arguments, System.nanoTime() + limitNanos);
  }

  private static String text(JsonElement answer, String name) {
    if (answer instanceof JsonObject object
        && object.get(name) instanceof JsonPrimitive value
        && value.isString()) {
      return value.getAsString();
    }
    throw new MachineException(
        "QEMU's answer must have a text: name=" + name + ", answer=" + answer);
  }
}
