import telemetryTitle from '@salesforce/label/c.Signal_Telemetry_Title';
import range from '@salesforce/label/c.Signal_Range';
import range5 from '@salesforce/label/c.Signal_Range_5_Minutes';
import range15 from '@salesforce/label/c.Signal_Range_15_Minutes';
import range60 from '@salesforce/label/c.Signal_Range_1_Hour';
import metrics from '@salesforce/label/c.Signal_Metrics';
import live from '@salesforce/label/c.Signal_Live';
import paused from '@salesforce/label/c.Signal_Paused';
import pause from '@salesforce/label/c.Signal_Pause';
import resume from '@salesforce/label/c.Signal_Resume';
import showTable from '@salesforce/label/c.Signal_Show_Table';
import showChart from '@salesforce/label/c.Signal_Show_Chart';
import waiting from '@salesforce/label/c.Signal_Waiting_For_Bridge';
import noReadingsHeading from '@salesforce/label/c.Signal_No_Readings_Heading';
import noReadingsText from '@salesforce/label/c.Signal_No_Readings_Text';
import noDeviceHeading from '@salesforce/label/c.Signal_No_Device_Heading';
import noDeviceText from '@salesforce/label/c.Signal_No_Device_Text';
import bridgeSilentHeading from '@salesforce/label/c.Signal_Bridge_Silent_Heading';
import bridgeSilentText from '@salesforce/label/c.Signal_Bridge_Silent_Text';
import bridgeNeverText from '@salesforce/label/c.Signal_Bridge_Never_Text';
import askAgain from '@salesforce/label/c.Signal_Ask_Again';
import deviceSilentHeading from '@salesforce/label/c.Signal_Device_Silent_Heading';
import deviceSilentText from '@salesforce/label/c.Signal_Device_Silent_Text';
import partialHeading from '@salesforce/label/c.Signal_Partial_Heading';
import noMetricChosen from '@salesforce/label/c.Signal_No_Metric_Chosen';
import lastReading from '@salesforce/label/c.Signal_Last_Reading';
import timesIn from '@salesforce/label/c.Signal_Times_In';
import unreadableSeries from '@salesforce/label/c.Signal_Unreadable_Series';

/** Words of the telemetry panel. */
export default {
  telemetryTitle,
  range,
  range5,
  range15,
  range60,
  metrics,
  live,
  paused,
  pause,
  resume,
  showTable,
  showChart,
  waiting,
  noReadingsHeading,
  noReadingsText,
  noDeviceHeading,
  noDeviceText,
  bridgeSilentHeading,
  bridgeSilentText,
  bridgeNeverText,
  askAgain,
  deviceSilentHeading,
  deviceSilentText,
  partialHeading,
  noMetricChosen,
  lastReading,
  timesIn,
  unreadableSeries,
};
