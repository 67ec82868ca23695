import signalsTitle from '@salesforce/label/c.Signal_Signals_Title';
import show from '@salesforce/label/c.Signal_Show';
import filterOpen from '@salesforce/label/c.Signal_Filter_Open';
import filterAll from '@salesforce/label/c.Signal_Filter_All';
import noSignalsHeading from '@salesforce/label/c.Signal_No_Signals_Heading';
import noSignalsText from '@salesforce/label/c.Signal_No_Signals_Text';
import noOpenHeading from '@salesforce/label/c.Signal_No_Open_Heading';
import noOpenText from '@salesforce/label/c.Signal_No_Open_Text';
import showMore from '@salesforce/label/c.Signal_Show_More';
import opened from '@salesforce/label/c.Signal_Opened';
import updated from '@salesforce/label/c.Signal_Updated';
import cleared from '@salesforce/label/c.Signal_Cleared';
import lasted from '@salesforce/label/c.Signal_Lasted';
import stateOpen from '@salesforce/label/c.Signal_State_Open';
import stateCleared from '@salesforce/label/c.Signal_State_Cleared';
import measured from '@salesforce/label/c.Signal_Measured';
import comparedWith from '@salesforce/label/c.Signal_Compared_With';
import device from '@salesforce/label/c.Signal_Device';
import caseLink from '@salesforce/label/c.Signal_Case_Link';
import dispositionReceived from '@salesforce/label/c.Signal_Disposition_Received';
import dispositionSuppressed from '@salesforce/label/c.Signal_Disposition_Suppressed';
import dispositionFailed from '@salesforce/label/c.Signal_Disposition_Failed';
import onlyLatest from '@salesforce/label/c.Signal_Only_Latest';
import familyFault from '@salesforce/label/c.Signal_Family_Fault';
import familyAnomaly from '@salesforce/label/c.Signal_Family_Anomaly';
import familyPrediction from '@salesforce/label/c.Signal_Family_Prediction';
import familyConnectivity from '@salesforce/label/c.Signal_Family_Connectivity';
import familyUsage from '@salesforce/label/c.Signal_Family_Usage';
import familySla from '@salesforce/label/c.Signal_Family_Sla';
import familyDrift from '@salesforce/label/c.Signal_Family_Drift';
import familySecurity from '@salesforce/label/c.Signal_Family_Security';
import typeVibrationHigh from '@salesforce/label/c.Signal_Type_Vibration_High';
import typePressureLow from '@salesforce/label/c.Signal_Type_Pressure_Low';
import typeSensorStuck from '@salesforce/label/c.Signal_Type_Sensor_Stuck';
import typeRange from '@salesforce/label/c.Signal_Type_Range';
import typeShift from '@salesforce/label/c.Signal_Type_Shift';
import typeSilent from '@salesforce/label/c.Signal_Type_Silent';

/** Words of the signal list and signal types. */
export default {
  signalsTitle,
  show,
  filterOpen,
  filterAll,
  noSignalsHeading,
  noSignalsText,
  noOpenHeading,
  noOpenText,
  showMore,
  opened,
  updated,
  cleared,
  lasted,
  stateOpen,
  stateCleared,
  measured,
  comparedWith,
  device,
  caseLink,
  dispositionReceived,
  dispositionSuppressed,
  dispositionFailed,
  onlyLatest,
  familyFault,
  familyAnomaly,
  familyPrediction,
  familyConnectivity,
  familyUsage,
  familySla,
  familyDrift,
  familySecurity,
  typeVibrationHigh,
  typePressureLow,
  typeSensorStuck,
  typeRange,
  typeShift,
  typeSilent,
};
