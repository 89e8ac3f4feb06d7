// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.placed.FirmwareBody;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.platform.ResetHandler;
import io.efirts.firmware.platform.SystemRealTimeClock;
import io.efirts.firmware.service.MonotonicCounter;
import io.efirts.firmware.service.ResetService;
import io.efirts.firmware.service.TimeServices;
import io.efirts.firmware.service.VariableReader;
import io.efirts.firmware.service.VariableTable;
import io.efirts.firmware.service.VariableWriter;
import io.efirts.firmware.service.VirtualAddressServices;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.firmware.store.VariableStore;
import java.util.Objects;

/**
 * A firmware in Java that answers runtime service calls as EDK2 does.
 *
 * <p>One instance is one boot of a machine: volatile variables and the phase start afresh, what is
 * non-volatile is in the image. Making one writes nothing.
 *
 * <p>Not thread-safe: one caller at a time, as the dispatcher sees to. A call allocates nothing. It
 * blocks while a changed image is forced to stable storage.
 */
public final class ReferenceFirmware implements Firmware {
  private final VariableTable variables;
  private final VariableReader variableReader;
  private final VariableWriter variableWriter;
  private final TimeServices time;
  private final MonotonicCounter counter;
  private final ResetService reset;
  private final VirtualAddressServices virtualAddresses;
  private final ReferenceCrashEntry crashEntry;

  /** Null if nothing of the firmware lies in guest memory. */
  private final FirmwareBody body;

  private ReferenceFirmware(Builder builder) {
    NvImage image = builder.image;
    NvLayout layout = image.layout();
    RealTimeClock clock = builder.clock != null ? builder.clock : new SystemRealTimeClock();
    this.body = builder.machine == null ? null : bodyIn(builder.machine, layout);
    if (body == null) {
      NvStorage volatileStorage = MemoryStorage.allocate(layout.volatileStoreBytes());
      this.variables = new VariableTable(layout, image.store(), volatileStorage);
    } else {
      VariableStore mirrored = image.storeBy(body::mirror);
      this.variables = new VariableTable(layout, mirrored, body.volatileStorage());
    }
    this.variableReader = new VariableReader(variables);
    this.variableWriter = new VariableWriter(variables);
    RealTimeClock placedClock = body == null ? clock : body.clock(clock);
    this.time = new TimeServices(placedClock, variables, variableWriter);
    this.counter = new MonotonicCounter(variables, variableWriter);
    this.reset = new ResetService(builder.resetHandler, layout.maxVariableBytes());
    this.virtualAddresses =
        new VirtualAddressServices(variables, body == null ? null : body.relocation());
    this.crashEntry =
        body == null
            ? ReferenceCrashEntry.inNoMemory(image, clock, builder.resetHandler)
            : ReferenceCrashEntry.in(body.crashBody(), image, clock, builder.resetHandler);
    if (builder.phase == FirmwarePhase.RUNTIME) {
      exitBootServices();
    }
  }

  private static FirmwareBody bodyIn(ReferenceMachine machine, NvLayout layout) {
    return new FirmwareBody(machine, layout.fvLength(), layout.volatileStoreBytes());
  }

  /**
   * Starts the configuration of a firmware that keeps non-volatile variables in an image.
   *
   * @param image decides the limits too; used by no other firmware, closed by the caller after the
   *     last call
   * @return a builder with the defaults
   */
  public static Builder builder(NvImage image) {
    return new Builder(image);
  }

  /**
   * Starts the configuration of a firmware that keeps non-volatile variables in memory.
   *
   * @param layout decides sizes and limits
   * @return a builder with the defaults
   */
  public static Builder builder(NvLayout layout) {
    return new Builder(NvImage.inMemory(layout));
  }

  /**
   * Ends the boot phase; nothing happens if it has ended. By the thread that has the firmware to
   * itself, never while a call is inside.
   */
  public void exitBootServices() {
    variables.runtime(true);
    crashEntry.exitBootServices();
    if (body != null) {
      body.exitBootServices();
    }
  }

  /**
   * The rules that hold now.
   *
   * @return BOOT until {@link #exitBootServices}, VIRTUAL once SetVirtualAddressMap was called
   */
  public FirmwarePhase phase() {
    if (virtualAddresses.virtual()) {
      return FirmwarePhase.VIRTUAL;
    }
    return variables.runtime() ? FirmwarePhase.RUNTIME : FirmwarePhase.BOOT;
  }

  /**
   * Makes one call.
   *
   * @param frame the service and its arguments
   * @return the EFI_STATUS word; UNSUPPORTED for vendor entries and services not offered
   * @throws io.efirts.api.memory.FirmwareFault if an argument leads to memory the guest does not
   *     have, or the firmware lies in guest memory and the caller's tables do not lead to what of
   *     it the service needs
   */
  @Override
  public long call(CallFrame frame) {
    RuntimeService service = frame.service();
    if (service == null) {
      // Not as a case below: the JVM would link such a switch at the first call, which may come in
      // a crash.
      return EfiStatusCode.UNSUPPORTED;
    }
    if (body != null && body.enter(service, frame.memory())) {
      variables.runtime(body.atRuntime());
    }
    return switch (service) {
      case GET_TIME -> time.getTime(frame);
      case SET_TIME -> time.setTime(frame);
      case GET_VARIABLE -> variableReader.getVariable(frame);
      case GET_NEXT_VARIABLE_NAME -> variableReader.getNextVariableName(frame);
      case SET_VARIABLE -> variableWriter.setVariable(frame);
      case QUERY_VARIABLE_INFO -> variableReader.queryVariableInfo(frame);
      case GET_NEXT_HIGH_MONOTONIC_COUNT -> counter.getNextHighMonotonicCount(frame);
      case RESET_SYSTEM -> reset.resetSystem(frame);
      case SET_VIRTUAL_ADDRESS_MAP -> virtualAddresses.setVirtualAddressMap(frame);
      case CONVERT_POINTER -> virtualAddresses.convertPointer(frame);
      case GET_WAKEUP_TIME, SET_WAKEUP_TIME, UPDATE_CAPSULE, QUERY_CAPSULE_CAPABILITIES ->
          EfiStatusCode.UNSUPPORTED;
    };
  }

  /**
   * The way in when a thread was stopped anywhere inside {@link #call}, or threw there. Its first
   * call that needs a variable takes the image from this firmware, whose own writes answer
   * DEVICE_ERROR from then on: what was not committed by then never will be. Offers GetTime,
   * GetVariable, GetNextVariableName, QueryVariableInfo, SetVariable and ResetSystem, over the
   * non-volatile variables and in the phase that was reached.
   *
   * <p>Made with this firmware. Its calls allocate nothing, load no class, take no lock and wait
   * for nobody but the storage.
   *
   * @return always the same entry, for one caller at a time
   */
  @Override
  public CrashEntry crashEntry() {
    return crashEntry;
  }

  /** Collects what a firmware is made of. Used by one thread. */
  public static final class Builder {
    private final NvImage image;
    private FirmwarePhase phase = FirmwarePhase.BOOT;
    private RealTimeClock clock;
    private ResetHandler resetHandler;
    private ReferenceMachine machine;

    private Builder(NvImage image) {
      this.image = Objects.requireNonNull(image, "image");
    }

    /**
     * Starts in a phase.
     *
     * @param phase BOOT, the default, or RUNTIME
     * @return this
     * @throws IllegalArgumentException for VIRTUAL, where only a call leads
     */
    public Builder phase(FirmwarePhase phase) {
      if (Objects.requireNonNull(phase, "phase") == FirmwarePhase.VIRTUAL) {
        throw new IllegalArgumentException("phase must be BOOT or RUNTIME: phase=" + phase);
      }
      this.phase = phase;
      return this;
    }

    /**
     * Gives the machine a clock.
     *
     * @param clock by default the host's, in UTC; setting that one keeps an offset
     * @return this
     */
    public Builder clock(RealTimeClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Says what a reset does.
     *
     * @param handler by default there is none, and ResetSystem answers EFI_UNSUPPORTED
     * @return this
     */
    public Builder resetHandler(ResetHandler handler) {
      this.resetHandler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Lays the firmware into the memory of a machine: from then on every call reaches code,
     * variables and registers through its caller's page tables.
     *
     * @param machine a machine without a firmware; by default there is none, and only arguments are
     *     in guest memory
     * @return this
     */
    public Builder placement(ReferenceMachine machine) {
      this.machine = Objects.requireNonNull(machine, "machine");
      return this;
    }

    /**
     * Makes the firmware; reads the image, changes nothing of it.
     *
     * @return a machine that was just reset
     * @throws IllegalArgumentException if the machine has a firmware, or not enough room for one
     */
    public ReferenceFirmware build() {
      CrashRehearsal.perform();
      if (machine != null) {
        CrashRehearsal.performPlaced();
      }
      return assemble();
    }

    /** Builds without a rehearsal. */
    ReferenceFirmware assemble() {
      return new ReferenceFirmware(this);
    }
  }
}
