// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.platform.ResetHandler;
import io.efirts.firmware.platform.SystemRealTimeClock;
import io.efirts.firmware.service.MonotonicCounter;
import io.efirts.firmware.service.ResetService;
import io.efirts.firmware.service.TimeServices;
import io.efirts.firmware.service.VariableReader;
import io.efirts.firmware.service.VariableTable;
import io.efirts.firmware.service.VariableWriter;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
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
  private final ReferenceCrashEntry crashEntry;

  private ReferenceFirmware(Builder builder) {
    NvImage image = builder.image;
    RealTimeClock clock = builder.clock != null ? builder.clock : new SystemRealTimeClock();
    this.variables = new VariableTable(image.layout(), image.store());
    this.variableReader = new VariableReader(variables);
    this.variableWriter = new VariableWriter(variables);
    this.time = new TimeServices(clock, variables, variableWriter);
    this.counter = new MonotonicCounter(variables, variableWriter);
    this.reset = new ResetService(builder.resetHandler, image.layout().maxVariableBytes());
    this.crashEntry =
        new ReferenceCrashEntry(image.crashStore(), image.layout(), clock, builder.resetHandler);
    if (builder.phase == FirmwarePhase.RUNTIME) {
      exitBootServices();
    }
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
    variables.exitBootServices();
    crashEntry.exitBootServices();
  }

  /**
   * The rules that hold now.
   *
   * @return BOOT until {@link #exitBootServices}
   */
  public FirmwarePhase phase() {
    return variables.runtime() ? FirmwarePhase.RUNTIME : FirmwarePhase.BOOT;
  }

  /**
   * Makes one call.
   *
   * @param frame the service and its arguments
   * @return the EFI_STATUS word; UNSUPPORTED for vendor entries and services not offered
   * @throws io.efirts.api.memory.FirmwareFault if an argument leads to memory the guest does not
   *     have
   */
  @Override
  public long call(CallFrame frame) {
    RuntimeService service = frame.service();
    if (service == null) {
      // Not as a case below: the JVM would link such a switch at the first call, which may come in
      // a crash.
      return EfiStatusCode.UNSUPPORTED;
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
      case GET_WAKEUP_TIME,
          SET_WAKEUP_TIME,
          SET_VIRTUAL_ADDRESS_MAP,
          CONVERT_POINTER,
          UPDATE_CAPSULE,
          QUERY_CAPSULE_CAPABILITIES ->
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

    private Builder(NvImage image) {
      this.image = Objects.requireNonNull(image, "image");
    }

    /**
     * Starts in a phase.
     *
     * @param phase by default {@link FirmwarePhase#BOOT}
     * @return this
     */
    public Builder phase(FirmwarePhase phase) {
      this.phase = Objects.requireNonNull(phase, "phase");
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
     * Makes the firmware; reads the image, changes nothing.
     *
     * @return a machine that was just reset
     */
    public ReferenceFirmware build() {
      CrashRehearsal.perform();
      return assemble();
    }

    /** Builds without a rehearsal. */
    ReferenceFirmware assemble() {
      return new ReferenceFirmware(this);
    }
  }
}
