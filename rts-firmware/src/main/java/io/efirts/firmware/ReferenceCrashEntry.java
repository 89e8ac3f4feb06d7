// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.firmware.placed.CrashBody;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.platform.ResetHandler;
import io.efirts.firmware.service.ResetService;
import io.efirts.firmware.service.TimeServices;
import io.efirts.firmware.service.VariableReader;
import io.efirts.firmware.service.VariableTable;
import io.efirts.firmware.service.VariableWriter;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.CrashStore;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;

/**
 * What of the reference firmware still works when a thread was stopped anywhere inside it: the same
 * services over the same bytes, with buffers, stores and a lease of its own. Of the interrupted
 * part it looks at nothing.
 *
 * <p>The first call that needs a variable takes the storage over; a reset leaves the storage alone.
 * Volatile variables of the interrupted firmware are not found, new ones live as long as this
 * object.
 *
 * <p>One caller at a time. A call allocates nothing, logs nothing, takes no lock, and waits for
 * nobody but the storage.
 */
final class ReferenceCrashEntry implements CrashEntry {
  private final CrashStore store;
  private final VariableTable variables;
  private final VariableReader variableReader;
  private final VariableWriter variableWriter;
  private final TimeServices time;
  private final ResetService reset;

  /** Null if nothing of the firmware lies in guest memory. */
  private final CrashBody body;

  private ReferenceCrashEntry(
      CrashBody body,
      CrashStore store,
      NvLayout layout,
      RealTimeClock clock,
      ResetHandler resetHandler) {
    this.body = body;
    this.store = store;
    this.variables =
        new VariableTable(
            layout, store.store(), MemoryStorage.allocate(layout.volatileStoreBytes()));
    this.variableReader = new VariableReader(variables);
    this.variableWriter = new VariableWriter(variables);
    this.time = new TimeServices(clock, variables, variableWriter);
    this.reset = new ResetService(resetHandler, layout.maxVariableBytes());
  }

  /** The crash entry of a firmware of which nothing lies in guest memory. */
  static ReferenceCrashEntry inNoMemory(
      NvImage image, RealTimeClock clock, ResetHandler resetHandler) {
    return new ReferenceCrashEntry(null, image.crashStore(), image.layout(), clock, resetHandler);
  }

  /** The crash entry of a firmware that lies in guest memory. */
  static ReferenceCrashEntry in(
      CrashBody body, NvImage image, RealTimeClock clock, ResetHandler resetHandler) {
    CrashStore store = image.crashStoreBy(body::flash);
    return new ReferenceCrashEntry(body, store, image.layout(), body.clock(clock), resetHandler);
  }

  void exitBootServices() {
    variables.runtime(true);
  }

  @Override
  public long call(CallFrame frame) {
    RuntimeService service = frame.service();
    if (service == null) {
      return EfiStatusCode.UNSUPPORTED;
    }
    if (body != null) {
      body.enter(service, frame.memory());
    }
    return switch (service) {
      case GET_TIME -> getTime(frame);
      case GET_VARIABLE -> reader().getVariable(frame);
      case GET_NEXT_VARIABLE_NAME -> reader().getNextVariableName(frame);
      case QUERY_VARIABLE_INFO -> reader().queryVariableInfo(frame);
      case SET_VARIABLE -> setVariable(frame);
      case RESET_SYSTEM -> reset.resetSystem(frame);
      case SET_TIME,
          GET_WAKEUP_TIME,
          SET_WAKEUP_TIME,
          SET_VIRTUAL_ADDRESS_MAP,
          CONVERT_POINTER,
          GET_NEXT_HIGH_MONOTONIC_COUNT,
          UPDATE_CAPSULE,
          QUERY_CAPSULE_CAPABILITIES ->
          EfiStatusCode.UNSUPPORTED;
    };
  }

  private long getTime(CallFrame frame) {
    store.takeOver();
    time.readZone();
    return time.getTime(frame);
  }

  private VariableReader reader() {
    store.takeOver();
    return variableReader;
  }

  private long setVariable(CallFrame frame) {
    store.takeOver();
    return variableWriter.setVariable(frame);
  }
}
